// What does the reader see when something cannot be loaded? One message for the page, with what to do; never a trace.

/** The promise's value. If it fails, the page says so once and whatever waits for the value keeps its place. */
export function orMessage(promise, what) {
  return promise.catch((error) => {
    showMessage(what, error);
    return new Promise(() => {});
  });
}

function showMessage(what, error) {
  const box = document.getElementById("failure");
  if (!box?.hidden) return;
  const text = document.createElement("p");
  const strong = document.createElement("b");
  strong.textContent = `This page could not load ${what}.`;
  text.append(
    strong,
    ` The sentences and figures that are shown were computed beforehand and stand. Reload the page; if that does not help, the folder must be served over HTTP, complete, to a browser with WebAssembly. (${error.message})`,
  );
  box.append(text);
  box.hidden = false;
  document.documentElement.classList.add("data-failed");
}

// In a page, before its own scripts: when does a card first show a digit, and when is there a chart of a Parquet file?
(() => {
  let charts = 0; // drawn before any Parquet file had come
  const look = () => {
    const figure = document.querySelector(".card .figure")?.textContent ?? "";
    if (/\d/.test(figure)) globalThis.numberAt ??= performance.now();
    const drawn = document.querySelectorAll("figure svg").length;
    if (!hasParquet()) charts = drawn;
    else if (drawn > charts) globalThis.chartAt ??= performance.now();
    requestAnimationFrame(look);
  };
  const hasParquet = () =>
    performance
      .getEntriesByType("resource")
      .some(({name, responseEnd}) => name.includes(".parquet") && responseEnd > 0);
  requestAnimationFrame(look);
})();

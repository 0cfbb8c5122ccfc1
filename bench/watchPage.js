// In a page, before its own scripts: when does a card first show a digit, when is there a chart of a Parquet file, and when
// an answer of the database, asked as soon as there is a button?
(() => {
  let charts = 0; // drawn before any Parquet file had come
  let asked = false;
  const look = () => {
    const figure = document.querySelector(".card .figure")?.textContent ?? "";
    if (/\d/.test(figure)) globalThis.numberAt ??= performance.now();
    const drawn = document.querySelectorAll("figure svg").length;
    if (!hasParquet()) charts = drawn;
    else if (drawn > charts) globalThis.chartAt ??= performance.now();
    if (document.querySelector(".ask .answer table")) globalThis.answerAt ??= performance.now();
    const button = document.querySelector(".ask-tools button");
    if (button && !asked) {
      asked = true;
      button.click();
    }
    requestAnimationFrame(look);
  };
  const hasParquet = () =>
    performance
      .getEntriesByType("resource")
      .some(({name, responseEnd}) => name.includes(".parquet") && responseEnd > 0);
  requestAnimationFrame(look);
})();

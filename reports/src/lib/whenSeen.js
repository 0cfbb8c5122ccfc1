// When does a reader come to a part of the page? What is large and far down is loaded then, or when the page is printed.

const MARGIN = "700px";

/** Resolves once the element of an id is near the window. */
export function whenSeen(id) {
  const element = document.getElementById(id);
  if (!element || !globalThis.IntersectionObserver) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      observer.disconnect();
      resolve();
    };
    const observer = new IntersectionObserver(([entry]) => entry.isIntersecting && done(), {
      rootMargin: MARGIN,
    });
    observer.observe(element);
    addEventListener("beforeprint", done, {once: true});
  });
}

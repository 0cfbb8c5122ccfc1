// When should a page fetch its modules? Once its numbers are on the screen: they stand in the page itself.

const PRELOAD = /<link rel="modulepreload" href="([^"]*)">\n?/g;

/**
 * Moves the preloads of modules behind the first paint. Named in the head, seventy of them are fetched and compiled
 * before the page is parsed to its end, which doubles the time to its first number; after the first paint they still
 * come all at once, not one import after another.
 *
 * @throws {Error} if a page names no modules to preload, or has no end: Framework has changed
 */
export function latePreloads(html, name) {
  const modules = Array.from(html.matchAll(PRELOAD), ([, address]) => address);
  if (modules.length === 0) throw new Error(`Cannot correct ${name}: it preloads no modules`);
  if (!html.includes("</body>")) throw new Error(`Cannot correct ${name}: it has no </body>`);
  return html.replaceAll(PRELOAD, "").replace("</body>", `<script>${preloader(modules)}</script>\n</body>`);
}

// A frame is asked for before it is painted; what is put off from there runs after.
function preloader(modules) {
  return `requestAnimationFrame(()=>setTimeout(()=>{for(const href of ${JSON.stringify(modules)})document.head.append(Object.assign(document.createElement("link"),{rel:"modulepreload",href}))}))`;
}

// How does a chart leave the page? As a picture that carries its own colours, or as its numbers.

import {isoDate} from "./format.js";

/** Rows as CSV, RFC 4180; dates as YYYY-MM-DD, missing as nothing. */
export function toCsv(rows) {
  const names = Object.keys(rows[0] ?? {});
  const lines = [names.join(","), ...rows.map((row) => names.map((name) => csvField(row[name])).join(","))];
  return `${lines.join("\r\n")}\r\n`;
}

/** The SVG's text, with colours resolved from the page's custom properties. */
export function toSvg(svg) {
  const copy = svg.cloneNode(true);
  const [originals, copies] = [svg, copy].map((root) => [root, ...root.querySelectorAll("*")]);
  originals.forEach((original, i) => {
    for (const name of ["fill", "stroke"]) {
      if (/var\(|currentColor/.test(original.getAttribute(name))) {
        copies[i].setAttribute(name, getComputedStyle(original).getPropertyValue(name));
      }
    }
  });
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.style.background = pageGround();
  return new XMLSerializer().serializeToString(copy);
}

/** The same as pixels, twice the size on screen. */
export async function toPng(svg, scale = 2) {
  const {width, height} = svg.getBoundingClientRect();
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(toSvg(svg))}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = width * scale;
  canvas.height = height * scale;
  const context = canvas.getContext("2d");
  context.fillStyle = pageGround();
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

export function download(name, contents, type) {
  const blob = contents instanceof Blob ? contents : new Blob([contents], {type});
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function pageGround() {
  return getComputedStyle(document.documentElement).backgroundColor;
}

function csvField(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "";
  const text = value instanceof Date ? isoDate(value) : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

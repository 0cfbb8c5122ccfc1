// How does a chart leave the page? As a picture that carries its own colours, or as its numbers.

import {isoDate} from "./format.js";

/** Rows as CSV, RFC 4180; dates as YYYY-MM-DD, missing as nothing. */
export function toCsv(rows) {
  const names = Object.keys(rows[0] ?? {});
  const lines = [names.join(","), ...rows.map((row) => names.map((name) => csvField(row[name])).join(","))];
  return `${lines.join("\r\n")}\r\n`;
}

/** A picture of `standAlone()` as pixels, twice its size. */
export async function toPng(svg, scale = 2) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth * scale;
  canvas.height = image.naturalHeight * scale;
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

/** Of a text, in hexadecimal; undefined where a page has no secure address, so that the browser does not offer it. */
export async function sha256(text) {
  const digest = await globalThis.crypto?.subtle?.digest("SHA-256", new TextEncoder().encode(text));
  return digest && Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function download(name, contents, type) {
  const blob = contents instanceof Blob ? contents : new Blob([contents], {type});
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function csvField(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "";
  const text = value instanceof Date ? isoDate(value) : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

// What stands around every page? The colours, the navigation, what is shown as of when, and the receipt.

import * as format from "../src/components/format.js";
import {paletteCss} from "../src/components/palette.js";
import {escapeHtml} from "./fill-in.js";

const ICON =
  "%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath d='M1 11l3-3 2 2 3-7 3 9 3-4' fill='none' stroke='%230b62c4' stroke-width='2'/%3E%3C/svg%3E";

// Runs before the first paint, so that a chosen scheme does not flash the other one.
const THEME_SCRIPT = `try{const t=localStorage.getItem("volbook-theme");if(t)document.documentElement.dataset.theme=t}catch{}`;

// The last pages lie beyond the edge of a telephone: the current one is brought into sight.
const SWITCH_SCRIPT = `{const c=document.querySelector("nav [aria-current]");if(c)c.parentElement.scrollLeft=c.offsetLeft-c.parentElement.clientWidth/2}document.getElementById("theme-switch").addEventListener("click",()=>{const e=document.documentElement;const dark=e.dataset.theme?e.dataset.theme==="dark":matchMedia("(prefers-color-scheme: dark)").matches;e.dataset.theme=dark?"light":"dark";try{localStorage.setItem("volbook-theme",e.dataset.theme)}catch{}})`;

export function pageHead() {
  return `<link rel="icon" href="data:image/svg+xml,${ICON}">
<meta name="color-scheme" content="light dark">
<script>${THEME_SCRIPT}</script>
<style>${paletteCss()}</style>`;
}

/** The site's name, its pages, the switch of colours; below, what is shown as of when, from which source. */
export function pageHeader({pages, path, summary}) {
  const links = pages.map(({name, path: target}) => {
    const current = target === path ? ' aria-current="page"' : "";
    return `<a href="${target}"${current}>${escapeHtml(name)}</a>`;
  });
  return `<a class="skip" href="#content">Skip to the content</a>
<div class="masthead"><a class="brand" href="/index">volbook</a>
<nav aria-label="Pages">${links.join("")}</nav>
<button id="theme-switch" type="button" title="Switch between light and dark" aria-label="Switch between light and dark">◐</button></div>
<div class="status"><span>${escapeHtml(summary.symbol)} realized volatility</span>
<span>as of <b>${format.shortDate(summary.asOf)}</b></span>
<span>source <b>${escapeHtml(format.sourceName(summary.source))}</b></span>
<span>run <b>${escapeHtml(summary.runId)}</b></span></div>${banner(summary)}
<script>${SWITCH_SCRIPT}</script>
<noscript><p class="notice">The sentences and figures above the charts are complete without scripts; the charts and tables need them.</p></noscript>
<div id="failure" role="alert" hidden></div><span id="content"></span>`;
}

export function pageFooter(summary) {
  return `<p>Run ${escapeHtml(summary.runId)} on ${escapeHtml(format.instant(summary.runAt))}. Model ${escapeHtml(summary.modelVersion)}, trained on labels known by ${format.shortDate(summary.trainedThrough)}. Source: ${escapeHtml(format.sourceName(summary.source))}. A forecast of volatility, not advice.</p>`;
}

function banner({simulated}) {
  return simulated
    ? `\n<p class="banner" role="note"><b>Simulated data.</b> Every figure on this site comes from an artificial market: it shows how the site works and says nothing about SPY.</p>`
    : "";
}

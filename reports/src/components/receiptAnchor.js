// Where on the page of receipts does one stand?

export function receiptAnchor(id) {
  return `r-${id.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`;
}

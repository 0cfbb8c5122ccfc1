// How does a link carry what the reader chose? Every control has a name in the address; the address as it stands is the
// link.

/**
 * The input, set to the address's value of `name` where there is one, and written there when it changes. `read` makes a
 * value of a text and undefined of one that is none; a value equal to the one given leaves the address.
 */
export function linked(name, input, {read = (text) => text, write = String} = {}) {
  const given = new URLSearchParams(location.search).get(name);
  const standard = write(input.value);
  const value = given === null ? undefined : read(given);
  if (value !== undefined) {
    const before = input.value;
    input.value = value;
    if (input.value === undefined || input.value === null || write(input.value) !== write(value))
      input.value = before;
  }
  input.addEventListener("input", () => remember(name, write(input.value), standard));
  return input;
}

/** A text that is in the address once it was asked: what the address has now, and what to call when it is asked. */
export function askLink(name) {
  const sql = new URLSearchParams(location.search).get(name) ?? undefined;
  return {sql, onAsk: (asked) => remember(name, asked, undefined)};
}

/** Numbers by name that the address has, such as ret:-0.02,vix:30. */
export function numbersOf(name) {
  const pairs = (new URLSearchParams(location.search).get(name) ?? "")
    .split(",")
    .map((pair) => pair.split(":"));
  return Object.fromEntries(
    pairs
      .filter(([key, text]) => key && text && Number.isFinite(Number(text)))
      .map(([key, text]) => [key, Number(text)]),
  );
}

/** The form, whose value is numbers by name; they are written to the address when it changes. */
export function linkedNumbers(name, form) {
  const write = () =>
    Object.entries(form.value)
      .map(([key, value]) => `${key}:${value}`)
      .join(",");
  form.addEventListener("input", () => remember(name, write(), ""));
  return form;
}

/** For `linked`: one of some numbers, or of some texts. */
export function oneOf(values) {
  return (text) => values.find((value) => String(value) === text);
}

/** For `linked`: several of some texts, with a full stop between them. */
export function someOf(values) {
  return {
    read: (text) => text.split(".").filter((value) => values.includes(value)),
    write: (chosen) => chosen.join("."),
  };
}

function remember(name, text, standard) {
  const address = new URL(location.href);
  if (text === standard) address.searchParams.delete(name);
  else address.searchParams.set(name, text);
  history.replaceState(history.state, "", address);
}

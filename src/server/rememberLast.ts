// Is this asked for again, as the time before? Requests resemble one another: most are of one session, by one client.

/** Makes what a key stands for, once for as long as the key stays the same. */
export function rememberLast<Value>(): (key: string | number, make: () => Value) => Value {
  let last: {readonly key: string | number; readonly value: Value} | undefined;
  return (key, make) => {
    if (last?.key !== key) last = {key, value: make()};
    return last.value;
  };
}

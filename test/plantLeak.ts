// Loaded before a command (node --import), this changes one line of one source file as it is read, in every thread.
import {registerHooks} from "node:module";

interface Plant {
  /** The end of the file's address. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const {file, from, to} = JSON.parse(process.env.PLANT!) as Plant;

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.endsWith(file)) return loaded;
    const source = String(loaded.source);
    if (!source.includes(from)) throw new Error(`Cannot plant a leak in ${file}: it has no ${from}`);
    return {...loaded, source: source.replace(from, to)};
  },
});

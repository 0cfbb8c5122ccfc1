// The site's settings. `observable preview --config reports/observablehq.config.js`, run from the repository's root,
// shows it live; reports/build.ts publishes it.

import {siteConfig} from "./build-tools/site-config.js";

export default siteConfig({root: "reports/src", output: "reports/dist"});

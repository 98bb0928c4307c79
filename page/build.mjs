// Builds the page's script and style into the Python package, where the report takes them from.
import { build } from "esbuild";

const shared = {
  bundle: true,
  minify: true,
  target: "es2022",
  legalComments: "none",
  charset: "utf8",
  logLevel: "warning",
};
const into = new URL("../src/trackersync/report/html/built/", import.meta.url).pathname;
// The licences of what is bundled go with it, in every report.
const banner =
  "/* Contains TanStack Virtual (MIT, Tanner Linsley), Apache ECharts and ZRender (Apache-2.0, BSD-3-Clause). */";

await build({
  ...shared,
  entryPoints: ["src/main.ts"],
  format: "iife",
  outfile: `${into}page.js`,
  banner: { js: banner },
});
await build({ ...shared, entryPoints: ["src/page.css"], outfile: `${into}page.css` });

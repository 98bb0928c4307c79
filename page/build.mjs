// Builds the page's script and style into the Python package, where the report takes them from.
import { readFileSync } from "node:fs";

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

// Every report is a copy of what is bundled, so that its licences are in it.
const texts = [
  ["TanStack Virtual", "@tanstack/virtual-core/LICENSE"],
  ["ZRender", "zrender/LICENSE"],
  ["D3, parts of which are in Apache ECharts", "echarts/licenses/LICENSE-d3"],
  ["tslib", "tslib/LICENSE.txt"],
  [
    "Apache ECharts, under the Apache License, Version 2.0 (https://www.apache.org/licenses/LICENSE-2.0)",
    "echarts/NOTICE",
  ],
].map(([name, file]) => `${name}\n\n${readFileSync(`node_modules/${file}`, "utf8").trim()}`);
const banner = `/*! Contains:\n\n${texts.join("\n\n").replaceAll("*/", "* /").replaceAll("<", "(").replaceAll(">", ")")}\n*/`;

await build({
  ...shared,
  entryPoints: ["src/main.ts"],
  format: "iife",
  outfile: `${into}page.js`,
  banner: { js: banner },
});
await build({ ...shared, entryPoints: ["src/page.css"], outfile: `${into}page.css` });

import { COLOUR_PAIRS } from "./palette.ts";

/** Charts are drawn for white pages; on dark ones each colour gives way to its counterpart. */
function darkCharts(): string {
  return COLOUR_PAIRS.map(
    ([light, dark]) => `svg.chart [fill="${light}"]{fill:${dark}}svg.chart [stroke="${light}"]{stroke:${dark}}`,
  ).join("\n");
}

/** The style of the report: for screens, light and dark, and for paper. */
export const STYLE = `
:root{color-scheme:light dark;--ink:#1c2430;--muted:#515b69;--line:#d5dae1;--paper:#fefefe;--panel:#f5f7f9;--link:#1f5fb4}
*{box-sizing:border-box}
html{scroll-behavior:smooth;scroll-padding-top:1rem}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
.page{max-width:1080px;margin:0 auto;padding:2.5rem 1.5rem 4rem}
h1{font-size:2.1rem;line-height:1.2;margin:0 0 .4rem;letter-spacing:-.015em}
h2{font-size:1.5rem;margin:3.2rem 0 .8rem;padding-top:1.2rem;border-top:1px solid var(--line);letter-spacing:-.01em}
h3{font-size:1.1rem;margin:2.2rem 0 .6rem}
p,li{max-width:76ch}
.subtitle{color:var(--muted);margin:0 0 1.4rem;font-size:1.05rem}
a{color:var(--link)}
nav ul{display:flex;flex-wrap:wrap;gap:.3rem 1.4rem;list-style:none;margin:0;padding:.8rem 0;border-block:1px solid var(--line)}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr));gap:1.6rem 2rem;align-items:start}
figure{margin:1.2rem 0;break-inside:avoid}
.charts figure{margin:0;padding:1rem 1rem .6rem;background:var(--panel);border-radius:10px}
figure svg{display:block;width:100%;height:auto;max-width:520px}
figure.wide svg{max-width:760px}
figcaption,caption{font-weight:600;text-align:left;font-size:.95rem;margin-bottom:.6rem}
caption{padding:0 0 .5rem}
.remark{color:var(--muted);font-size:.85rem;margin:.5rem 0 0}
.scroll{overflow-x:auto;margin:1.2rem 0}
.scroll:focus-visible,summary:focus-visible,a:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:3px}
table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}
th,td{padding:.36rem .9rem .36rem 0;text-align:left;vertical-align:top}
th.right,td.right{text-align:right;white-space:nowrap}
thead th{border-bottom:2px solid var(--line);color:var(--muted);font-weight:600;vertical-align:bottom}
tbody th{font-weight:500;white-space:nowrap}
tbody tr+tr>*{border-top:1px solid var(--line)}
tbody tr:hover>*{background:var(--panel)}
details{margin:.5rem 0}
summary{cursor:pointer;color:var(--muted);font-size:.85rem}
details.block>summary{font-size:.95rem;color:var(--ink);font-weight:600}
pre{background:var(--panel);padding:1rem;border-radius:8px;overflow-x:auto;font:13px/1.5 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
footer{margin-top:4rem;padding-top:1rem;border-top:1px solid var(--line);color:var(--muted);font-size:.85rem}
@media (prefers-color-scheme:dark){
:root{--ink:#e6e9ee;--muted:#a9b3c0;--line:#343c47;--paper:#12161c;--panel:#1a2028;--link:#7ab8ff}
${darkCharts()}
}
@media print{
:root{color-scheme:light;--ink:#000;--muted:#444;--line:#bbb;--paper:#fff;--panel:#fff;--link:#000}
body{font-size:10.5pt}.page{max-width:none;padding:0}
nav{display:none}h2{border:0}section+section>h2{break-before:page}h2,h3{break-after:avoid}
.charts{grid-template-columns:1fr 1fr;gap:1rem}.charts figure{padding:.4rem}
.scroll{overflow:visible}tr{break-inside:avoid}details:not([open]){display:none}
a{text-decoration:none}pre{white-space:pre-wrap;border:1px solid #bbb}
}`;

/** The style of the page: light and dark, and for paper. Colours are told apart by people who see few of them, too. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b2430; --soft: #5d6b7c; --page: #fff; --card: #f5f7fa; --line: #dde3ea;
  --ok: #b9c7d6; --accepted: #8fa9c4; --partial: #e3b23c; --client: #3e7cc4; --busy: #f08a3c; --timeout: #8a5cc2;
  --server: #c83349; --undocumented: #6f7b88; --allowed: #8fa9c4; --wait: #e3b23c; --change: #f08a3c; --never: #c83349; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e9f0; --soft: #9aa8b8; --page: #12171e; --card: #1a212b;
  --line: #2c3643; --ok: #3e4d5e; --accepted: #56708b; --client: #5b9be0; --timeout: #a883dc; --server: #e5566b; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1080px; padding: 32px 24px 64px; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
h1 { margin: 0; font-size: 26px; letter-spacing: -0.01em; }
h2 { margin: 44px 0 6px; font-size: 19px; }
h3 { margin: 24px 0 4px; font-size: 15px; }
p { margin: 6px 0; max-width: 76ch; }
.soft, caption, figcaption { color: var(--soft); }
.lead { margin: 18px 0; padding: 16px 20px; border-left: 4px solid var(--server); background: var(--card);
  border-radius: 0 8px 8px 0; font-size: 17px; }
.lead.well { border-color: var(--client); }
.lead p { max-width: none; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 18px 0; padding: 0;
  list-style: none; }
.figures li { padding: 12px 16px; background: var(--card); border-radius: 8px; }
.figures b { display: block; font-size: 24px; line-height: 1.25; font-variant-numeric: tabular-nums; }
figure { margin: 12px 0 0; }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--soft); font-size: 11px; font-variant-numeric: tabular-nums; }
text.y { text-anchor: end; } text.x { text-anchor: start; }
.grid { stroke: var(--line); }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 6px 0 0 56px; padding: 0; list-style: none; font-size: 13px; }
.legend li { display: flex; align-items: center; gap: 6px; } .legend svg { width: 10px; }
.ok { fill: var(--ok); } .accepted { fill: var(--accepted); } .partial_success { fill: var(--partial); }
.client_fault { fill: var(--client); } .retryable_busy { fill: var(--busy); } .gateway_timeout { fill: var(--timeout); }
.server_fault { fill: var(--server); } .undocumented, .d_undocumented { fill: var(--undocumented); } .d_allowed { fill: var(--allowed); }
.d_wait_first { fill: var(--wait); } .d_change_first { fill: var(--change); } .d_never { fill: var(--never); }
.not_ok { fill: var(--server); }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 14px; }
th { padding: 6px 10px; border-bottom: 1px solid var(--line); color: var(--soft); font-weight: 500; text-align: left;
  vertical-align: bottom; }
td { padding: 6px 10px; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
th.n, td.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
td.share { width: 130px; } td.share svg { height: 12px; margin-top: 5px; }
.name { font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 13px; }
td.device { min-width: 11em; }
.track { fill: var(--line); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; font-size: 14px; }
dd { margin: 0; } footer { margin-top: 48px; font-size: 13px; }
@media print { :root { color-scheme: light; --ink: #000; --soft: #444; --page: #fff; --card: #f2f2f2; --line: #ccc;
  --ok: #b9c7d6; --accepted: #8fa9c4; --client: #3e7cc4; --timeout: #8a5cc2; --server: #c83349; }
  body { padding: 0; max-width: none; font-size: 11px; } * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  h2, h3 { break-after: avoid; } figure, tr, .figures, .lead { break-inside: avoid; } }
`;

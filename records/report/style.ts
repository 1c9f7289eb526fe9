/** The page's look: light and dark by the reader's setting, always light in print, one column on a phone. */
export const style = `
:root{color-scheme:light dark;--bg:#fff;--card:#fff;--ink:#1b2330;--soft:#5b6675;--rule:#e3e7ed;--grid:#edf0f4;--pos:#0b8a5f;--neg:#c8372d;--c1:#1f5fbf;--c2:#d9730d;--c3:#7a8594;--c4:#0b8a5f;--c5:#8a4fc7;--c6:#c8372d;--tile:#f5f7fa}
@media (prefers-color-scheme:dark){:root{--bg:#11161d;--card:#11161d;--ink:#e4e9f0;--soft:#99a5b5;--rule:#2a323d;--grid:#222a34;--pos:#3fbf8f;--neg:#f0746a;--c1:#6fa5f5;--c2:#f0a04b;--c3:#8c98a8;--c4:#3fbf8f;--c5:#b98ae8;--c6:#f0746a;--tile:#1a212b}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1180px;padding:24px 20px 60px;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 4px;overflow-wrap:anywhere}
h2{font-size:1.15rem;margin:36px 0 4px;padding-top:14px;border-top:1px solid var(--rule)}
h3{font-size:.95rem;margin:0}
p{margin:2px 0 8px;color:var(--soft);max-width:80ch}
header p{overflow-wrap:anywhere;max-width:none}
a{color:var(--c1)}
nav{margin:12px 0;font-size:.88rem;color:var(--soft)}
nav a{margin-right:14px;white-space:nowrap}
.tiles{display:grid;grid-template-columns:repeat(4,minmax(0,1fr));gap:10px;margin:16px 0}
.tile{background:var(--tile);border-radius:8px;padding:10px 12px;min-width:0}
.tile b{display:block;font-size:1.3rem;line-height:1.25;font-weight:650}
.tile span{display:block;font-size:.8rem;color:var(--soft);line-height:1.35}
.neg-text{color:var(--neg)}
.pair{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:0 28px}
figure{margin:16px 0 20px;min-width:0;break-inside:avoid}
figcaption p{font-size:.84rem;margin:0 0 2px}
.legend{list-style:none;margin:2px 0 0;padding:0;display:flex;flex-wrap:wrap;gap:0 16px;font-size:.84rem}
.legend li::before{content:"";display:inline-block;width:14px;height:3px;border-radius:2px;margin-right:6px;vertical-align:middle;background:var(--c)}
.c1{--c:var(--c1)}.c2{--c:var(--c2)}.c3{--c:var(--c3)}.c4{--c:var(--c4)}.c5{--c:var(--c5)}.c6{--c:var(--c6)}
.plot{position:relative;height:230px;margin:8px 0 26px;padding-left:58px}
.ylabels{position:absolute;left:0;top:0;bottom:0;width:52px;font-size:.75rem;color:var(--soft);text-align:right}
.ylabels span{position:absolute;right:0;transform:translateY(50%);line-height:1;white-space:nowrap}
.area{position:relative;height:100%}
.area svg{display:block;width:100%;height:100%;overflow:visible}
.x{position:absolute;top:100%;margin-top:5px;transform:translateX(-50%);font-size:.75rem;color:var(--soft);white-space:nowrap;line-height:1}
.x.last{left:auto!important;right:0;transform:none}
.x.first{left:0!important;transform:none}
.nb{white-space:nowrap}
svg path{fill:none;vector-effect:non-scaling-stroke}
.grid{stroke:var(--grid);stroke-width:1}
.zero{stroke:var(--soft);stroke-width:1;opacity:.7}
.mean{stroke:var(--c2);stroke-width:2;stroke-dasharray:5 4}
.line{stroke:var(--c);stroke-width:1.7;stroke-linejoin:round}
.line.faint{opacity:.65;stroke-width:1.1}
svg .fill{fill:var(--c);opacity:.16;stroke:none}
.bars{stroke:var(--c);stroke-width:1;opacity:.65}
.fillbar{fill:var(--c);opacity:.8}
.cursor{position:absolute;top:0;bottom:0;width:0;border-left:1px solid var(--soft);display:none;pointer-events:none}
.tip{position:absolute;z-index:2;top:0;background:var(--card);color:var(--ink);border:1px solid var(--rule);border-radius:6px;box-shadow:0 2px 10px #0003;padding:6px 9px;font-size:.78rem;line-height:1.45;white-space:nowrap;pointer-events:none}
.tip b{display:block}
.tip i{display:inline-block;width:9px;height:9px;border-radius:2px;background:var(--c);margin-right:6px}
.scroll{overflow-x:auto;-webkit-overflow-scrolling:touch}
table{border-collapse:collapse;font-size:.86rem;width:100%}
th,td{padding:4px 9px;text-align:right;white-space:nowrap;border-bottom:1px solid var(--rule);font-weight:400}
thead th{color:var(--soft);font-size:.8rem;vertical-align:bottom}
th:first-child{text-align:left;position:sticky;left:0;background:var(--card)}
tbody th{max-width:72ch;overflow:hidden;text-overflow:ellipsis}
tr.part th{font-weight:650;padding-top:14px}
tbody th small{display:block;white-space:normal;color:var(--soft);font-size:.8rem;line-height:1.35;max-width:72ch}
td.heat{background:color-mix(in srgb,var(--h) var(--s),transparent);border-bottom-color:transparent}
td.text{text-align:left;white-space:normal;min-width:24ch;color:var(--soft)}
.pos{--h:var(--pos)}.neg{--h:var(--neg)}
td.none{color:var(--soft)}
footer{margin-top:40px;border-top:1px solid var(--rule);padding-top:10px;font-size:.82rem;color:var(--soft)}
@media (max-width:1000px){.x.odd{display:none}}
@media (max-width:720px){body{padding:16px 12px 40px}.pair{grid-template-columns:minmax(0,1fr)}.plot{height:200px;padding-left:50px}.ylabels{width:45px}.tiles{grid-template-columns:repeat(2,minmax(0,1fr))}th,td{padding:4px 7px}table{width:max-content;min-width:100%}tbody th{max-width:44vw;white-space:normal}tbody th small{max-width:40vw}}
@media print{:root{color-scheme:light;--bg:#fff;--card:#fff;--ink:#111;--soft:#444;--rule:#ccc;--grid:#e5e5e5;--pos:#0b8a5f;--neg:#c8372d;--c1:#1f5fbf;--c2:#d9730d;--c3:#7a8594;--c4:#0b8a5f;--c5:#8a4fc7;--c6:#c8372d;--tile:#f4f4f4}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}body{max-width:none;padding:0;font-size:10.5pt}nav,.tip,.cursor{display:none!important}h2,h3{break-after:avoid}.plot{height:190px}.x.odd{display:none}.scroll{overflow:visible}th:first-child{position:static}table{font-size:8pt}th,td{padding:2px 4px}thead th{font-size:7.5pt}tbody th small{font-size:7.5pt}}
`;

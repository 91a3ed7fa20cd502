"""How the page looks, by day and by night: no script, no picture, a shape and a word beside each colour."""

from __future__ import annotations

STYLE = """
:root{color-scheme:light dark;--bg:#fff;--fg:#16191d;--dim:#57606a;--line:#d0d7de;--bad:#953800;--good:#0b5c2e;
--panel:#f6f8fa;--alarm:#fff1e5}
@media(prefers-color-scheme:dark){:root{--bg:#0d1117;--fg:#e6e8eb;--dim:#9aa4af;--line:#30363d;--bad:#ffb454;
--good:#7ee2a8;--panel:#161b22;--alarm:#2b1d0e}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:78rem;padding:1rem 1.5rem 2rem;background:var(--bg);color:var(--fg);
font:16px/1.5 system-ui,sans-serif}
header{display:flex;flex-wrap:wrap;gap:.2rem 1.5rem;align-items:baseline;border-bottom:1px solid var(--line)}
h1{font-size:1.4rem;margin:.2rem 0}h2{font-size:1.1rem;margin:1.6rem 0 .3rem}
h2 small{font-weight:400;color:var(--dim);font-size:.9rem;margin-inline-start:.6rem}
p{margin:.25rem 0}ul{margin:.3rem 0;padding-inline-start:1.2rem}
.drill{border:2px dashed var(--dim);padding:.1rem .6rem;color:var(--dim)}
.alarm{background:var(--alarm);border-inline-start:.4rem solid var(--bad);padding:.5rem .9rem;margin:.6rem 0}
.alarm p{margin:.15rem 0}.first{font-size:1.2rem;margin:.8rem 0}
.warn{color:var(--bad);font-weight:600}.good{color:var(--good)}.dim{color:var(--dim)}
.scroll{overflow-x:auto}table{border-collapse:collapse;min-width:min(100%,44rem)}
th{text-align:start;color:var(--dim);font-weight:500;font-size:.9rem;white-space:nowrap}
th,td{padding:.3rem 1.2rem .3rem 0;border-bottom:1px solid var(--line);vertical-align:top}
bdi{unicode-bidi:isolate}.date{white-space:nowrap}.mono{font-family:ui-monospace,monospace;font-size:.88em}
details{margin:.8rem 0}summary{cursor:pointer;color:var(--dim)}
.map{width:100%;height:auto;border:1px solid var(--line);margin:.5rem 0;background:var(--panel)}
.map text{font:11px system-ui,sans-serif;fill:var(--dim)}.map .name{fill:var(--fg);font-size:12px}
.map text{paint-order:stroke;stroke:var(--panel);stroke-width:3px;stroke-linejoin:round}.track line{stroke:var(--dim)}
.grid{stroke:var(--line);fill:none}.bar{stroke:var(--fg);fill:none}.room{fill:none;stroke:var(--fg);stroke-width:1.5}
.room.exemption{stroke-width:3}.room.declaration{stroke-dasharray:2 4}.room.corridor{stroke-dasharray:10 6}
.track path{stroke:var(--fg);fill:var(--fg)}.track.expected path{stroke:var(--good);fill:var(--good)}
.track.alarm path,.track.warning path{stroke:var(--bad);fill:var(--bad);stroke-width:2}
.track.seen path{stroke:var(--dim);fill:var(--dim);stroke-width:1}
.track.doubtful path{fill:none;stroke-dasharray:3 2}
footer{color:var(--dim);margin-top:2rem;border-top:1px solid var(--line);font-size:.92rem}
"""

import { createHash } from 'node:crypto';

/** The one stylesheet, written into every page: system fonts and colours, so that nothing is fetched. */
export const STYLE = `
:root{color-scheme:light dark;--ink:light-dark(#1b1f24,#e8eaed);--soft:light-dark(#525b66,#a9b2bd);--line:light-dark(#c9ced6,#3c434d);
--field:light-dark(#7b8490,#7d8794);--paper:light-dark(#fff,#1c2026);--ground:light-dark(#f4f5f7,#13161a);--link:light-dark(#0b57a4,#8ab9f2);
--good:light-dark(#11692f,#7fd39a);--bad:light-dark(#a3161c,#ff9c98);--bar:light-dark(#fff3c9,#3a3112);--on-link:light-dark(#fff,#10151c)}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
.banner{margin:0;padding:.5rem 1rem;background:var(--bar);border-bottom:1px solid var(--line);text-align:center;font-size:.9rem}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:1rem;padding:.5rem 1rem;background:var(--paper);z-index:1}
.frame{max-width:78rem;margin:0 auto;padding:1rem}
.narrow{max-width:44rem}
h1{font-size:1.6rem;line-height:1.25;margin:.75rem 0}
h2{font-size:1.15rem;line-height:1.3;margin:0 0 .75rem}
h3{font-size:1rem;margin:0 0 .5rem}
p{margin:0 0 .75rem}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.card,fieldset{background:var(--paper);border:1px solid var(--line);border-radius:.5rem;padding:1rem;margin:0 0 1rem;min-width:0}
.card>:last-child,fieldset>:last-child,.notice>:last-child{margin-bottom:0}
legend{font-weight:600;font-size:1.15rem;padding:0 .35rem}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;list-style:none;margin:.5rem 0 1rem;padding:0;border-bottom:1px solid var(--line)}
nav a{display:block;padding:.4rem 0;text-decoration:none;border-bottom:3px solid transparent}
nav a[aria-current]{color:var(--ink);font-weight:600;border-color:var(--link)}
code,pre,.key{font:.875rem/1.5 ui-monospace,monospace}
.key{font-size:.8125rem;line-height:1.85;user-select:all;cursor:copy}
pre{user-select:all;cursor:copy;white-space:pre-wrap;background:var(--ground);border:1px solid var(--line);border-radius:.35rem;padding:.75rem;margin:0 0 .75rem}
dl{display:grid;grid-template-columns:fit-content(16rem) minmax(0,1fr);gap:.3rem 1rem;margin:0}
dt{color:var(--soft)}dd{margin:0;white-space:pre-line}
dd+dd{grid-column:2}
.columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));gap:0 1rem;align-items:start}
.row{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center}
.row>*{margin:0}
.scroll{overflow-x:auto;background:var(--paper);border:1px solid var(--line);border-radius:.5rem;margin:0 0 1rem}
table{border-collapse:collapse;width:100%;font-size:.9375rem}
caption{text-align:left;padding:.75rem 1rem;font-weight:600}
th,td{text-align:left;vertical-align:top;padding:.45rem 1rem;border-top:1px solid var(--line);overflow-wrap:break-word}
thead th{color:var(--soft);font-weight:600;white-space:nowrap}
tbody th{font-weight:400}
label,.label{display:block;font-weight:600}
.field{margin:0 0 1rem}
.check{display:flex;gap:.5rem;align-items:baseline;font-weight:400}
.hint{color:var(--soft);font-size:.9rem;margin:0}
.wrong{color:var(--bad);font-weight:600;margin:.2rem 0 0}.card>.wrong{margin-bottom:.75rem}
input,select,textarea{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--field);border-radius:.35rem;padding:.45rem .6rem;width:100%;max-width:100%}
input[type=checkbox],input[type=radio]{width:auto;flex:none}
.option{display:flex;flex-wrap:wrap;gap:.25rem .75rem;align-items:baseline;margin:0 0 .5rem}
.option>input{width:7rem}.short{max-width:14rem}.when{white-space:nowrap}
.row input,.row select{width:auto;min-width:0;flex:0 1 18rem}
[aria-invalid]{border:2px solid var(--bad)}
button,.button{font:inherit;font-weight:600;padding:.45rem .9rem;border:1px solid var(--link);border-radius:.35rem;background:var(--paper);color:var(--link);cursor:pointer;text-decoration:none;display:inline-block}
button.main{background:var(--link);color:var(--on-link)}
td button,td .button{padding:.15rem .6rem;font-size:.875rem;white-space:nowrap}
.notice{border:2px solid var(--good);border-radius:.5rem;background:var(--paper);padding:.75rem 1rem;margin:0 0 1rem}
.note{border-left:4px solid var(--line);background:var(--bar);padding:.75rem 1rem;margin:1rem 0 0}
.notice.failed{border-color:var(--bad)}
.state{display:inline-block;border:1px solid currentcolor;border-radius:1rem;padding:0 .6rem;font-size:.8125rem;font-weight:600;white-space:nowrap;color:var(--soft)}
.state.good{color:var(--good)}.state.bad{color:var(--bad)}
.logo{width:auto;height:auto;max-width:8rem;max-height:8rem;background:#fff;border:1px solid var(--line)}
@media(min-width:70rem){td .row{flex-wrap:nowrap}}
@media(max-width:44rem){dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.5rem}dd+dd{grid-column:1}
.stack{table-layout:fixed}.stack thead{position:absolute;left:-99rem}.stack tr{display:block;padding:.5rem 0;border-top:1px solid var(--line)}
.stack th,.stack td{display:block;overflow-wrap:anywhere;border:0;padding:.15rem 1rem}.stack td:empty{display:none}
.option>input{margin-left:1.5rem}.stack [data-name]::before{content:attr(data-name) ": ";color:var(--soft)}}
`;

const hash = createHash('sha256').update(STYLE).digest('base64');

/** Nothing may be loaded, run or framed; the stylesheet is known by its hash, and forms go nowhere else. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${hash}'`,
  'img-src data:',
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

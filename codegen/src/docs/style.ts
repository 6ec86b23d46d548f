/** The page's looks, in both lights. */
export const style = `:root { color-scheme: light dark; --line: #8884; --soft: #8881; --link: #0a58ca; }
@media (prefers-color-scheme: dark) { :root { --link: #7ab7ff; } }
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; display: grid; grid-template-columns: minmax(12rem, 18rem) minmax(0, 1fr); font: 16px/1.5 system-ui, sans-serif; }
nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 1.5rem 1rem; border-right: 1px solid var(--line); font-size: 0.9em; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav ul ul { padding-left: 1rem; margin-bottom: 0.75rem; }
nav a { overflow-wrap: anywhere; }
main { padding: 1.5rem 2rem 6rem; max-width: 72rem; }
a { color: var(--link); text-decoration: none; }
a:hover, a:focus-visible { text-decoration: underline; }
h1, h2, h3, h4 { line-height: 1.25; margin: 2em 0 0.5em; overflow-wrap: anywhere; }
h1 { margin-top: 0; }
h3 { border-top: 1px solid var(--line); padding-top: 1em; }
:target { background: color-mix(in srgb, var(--link) 15%, transparent); }
code { font: 0.875em/1.5 ui-monospace, monospace; background: var(--soft); padding: 0.1em 0.3em; border-radius: 4px; }
pre { overflow: auto; background: var(--soft); padding: 0.75rem; border-radius: 6px; }
pre code { background: none; padding: 0; }
.table { overflow-x: auto; }
table { border-collapse: collapse; margin: 0.75em 0; }
th, td { text-align: left; vertical-align: top; padding: 0.3em 0.75em; border: 1px solid var(--line); }
th { background: var(--soft); }
@media (max-width: 50rem) { body { display: block; } nav { position: static; height: auto; border-right: 0; border-bottom: 1px solid var(--line); } main { padding: 1rem; } }
@media print { nav { display: none; } body { display: block; } }
`;

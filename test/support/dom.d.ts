/**
 * What the types of playwright-core and axe-core mention of browsers. The tests themselves run in Node, where the real
 * types (`lib: ["dom"]`) would make `window` and `name` look as if they were there.
 */
interface Node {
  readonly nodeType: number;
}
interface NodeList {
  readonly length: number;
}
interface Element extends Node {
  readonly tagName: string;
}
interface HTMLElement extends Element {
  readonly hidden: boolean;
}
interface SVGElement extends Element {
  readonly viewportElement: SVGElement | null;
}
interface HTMLElementTagNameMap {
  readonly a: HTMLElement;
}
interface Document extends Node {
  readonly title: string;
}
interface DOMRect {
  readonly x: number;
}
interface Window {
  readonly name: string;
}

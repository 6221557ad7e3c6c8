/** Every word of the screen stands in en.ts: text in the markup itself could not be translated. */
import { readdirSync, readFileSync } from "node:fs";
import ts from "typescript";
import { expect, it } from "vitest";

const NAMES = ["Earful"];
const SPOKEN = new Set(["aria-label", "aria-description", "title", "alt", "placeholder", "label", "words"]);
const isWords = (text: string): boolean => /\p{L}{2,}/u.test(text) && !NAMES.includes(text.trim()) && !text.includes("://");

function literals(path: string): string[] {
  const file = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node) && isWords(node.text)) found.push(node.text.trim());
    if (ts.isJsxAttribute(node) && SPOKEN.has(node.name.getText()) && node.initializer && ts.isStringLiteral(node.initializer) && isWords(node.initializer.text)) found.push(node.initializer.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found.map((text) => `${path}: ${text}`);
}

it("no component has words of its own", () => {
  const paths = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".tsx")).map((name) => `src/${name}`);
  expect(paths.length).toBeGreaterThan(20);
  expect(paths.flatMap(literals)).toEqual([]);
});

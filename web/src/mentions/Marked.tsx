/** The words of a post, by their own direction, with those marked that a search found. */
import { useMemo } from "react";
import { directionOf } from "../ui/direction";
import { marked, type Term } from "./marks";

export function Marked({ text, terms }: { text: string; terms: Term[] }) {
  const pieces = useMemo(() => marked(text, terms), [text, terms]);
  return (
    <p className="m-text" dir={directionOf(text)}>
      {pieces.map((piece, at) => (piece.found ? <mark key={at}>{piece.text}</mark> : piece.text))}
    </p>
  );
}

/** Which way a post reads: by its own words, not by the handle it begins with. */
const ADDRESSED = /https?:\/\/\S+|[@#][\p{L}\p{M}\p{N}_.@-]+/gu;
const LEFTWARD = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;

/** As the `dir` attribute takes it; "auto" where there are no words to go by. */
export function directionOf(text: string): "auto" | "ltr" | "rtl" {
  const letter = /\p{L}/u.exec(text.replace(ADDRESSED, " "))?.[0];
  if (letter === undefined) return "auto";
  return LEFTWARD.test(letter) ? "rtl" : "ltr";
}

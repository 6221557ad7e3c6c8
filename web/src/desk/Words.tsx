/** Text from strangers, shown. */
const LINK = /(https?:\/\/[^\s<>"']+)/g;

/** Text with its links alive; everything else stays text. */
export function Words({ text }: { text: string }) {
  return (
    <>
      {text.split(LINK).map((part, index) =>
        index % 2 ? (
          <a key={index} href={part} target="_blank" rel="noreferrer noopener nofollow">{part}</a>
        ) : (
          part
        ),
      )}
    </>
  );
}

/** A button whose act takes its time: it shows so from a tenth of a second on, and acts once. */
import { useRef, useState, type ButtonHTMLAttributes } from "react";

interface Props extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "onClick"> {
  act: () => Promise<unknown>;
}

export function Do({ act, className = "btn", children, ...rest }: Props) {
  const [busy, setBusy] = useState(false);
  // The second click of a double one comes before the screen has changed.
  const running = useRef(false);
  const run = async (): Promise<void> => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    try {
      await act();
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  // Not disabled: that would take the focus away from whoever works by keyboard.
  return <button className={className} aria-busy={busy || undefined} onClick={() => void run()} {...rest}>{children}</button>;
}

/** A modal on the browser's own dialog element: it traps focus and closes with Escape. */
import { useEffect, useRef, type ReactNode } from "react";

interface Props {
  title: string;
  onClose: () => void;
  children: ReactNode;
  wide?: boolean;
}

export function Dialog({ title, onClose, children, wide = false }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    // What asked for the focus keeps it: showModal gives it to the first field there is.
    const wants = document.activeElement;
    dialog?.showModal();
    if (wants instanceof HTMLElement && dialog?.contains(wants)) wants.focus();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      className={wide ? "dialog wide" : "dialog"}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === ref.current) onClose();
      }}
    >
      <div className="dialog-in">
        <h2>{title}</h2>
        {children}
      </div>
    </dialog>
  );
}

/** What stands there when the screen itself breaks: what happened, and a way on. Drafts are kept. */
import { Component, type ReactNode } from "react";
import { t } from "../i18n/t";
import { Icon } from "./Icon";

export class Broken extends Component<{ children: ReactNode }, { why: string | null }> {
  override state = { why: null };

  static getDerivedStateFromError(error: unknown): { why: string } {
    return { why: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }

  override render(): ReactNode {
    const { why } = this.state;
    if (why === null) return this.props.children;
    return (
      <main className="opening">
        <Icon name="alert" size={40} />
        <h1>{t("broken.title")}</h1>
        <div role="alert">
          <p>{t("broken.words")}</p>
          <p className="quiet"><code>{why}</code></p>
        </div>
        <div className="acts">
          <button className="btn go" autoFocus onClick={() => window.location.reload()}>{t("broken.reload")}</button>
          <button className="btn" onClick={() => window.location.assign("/")}>{t("broken.home")}</button>
        </div>
      </main>
    );
  }
}

/** Parts of the screen that are fetched when they are first shown, so that the desk opens without them. */
import { useQuery } from "@tanstack/react-query";
import type { ComponentType } from "react";
import { t } from "../i18n/t";
import { Icon } from "./Icon";

/**
 * The component that `fetchIt` gives, under a `name` of its own; kept until the page is loaded anew.
 * `inside` another screen it takes the place it has there, else all of it.
 */
export function later<P extends object>(name: string, fetchIt: () => Promise<ComponentType<P>>, inside = false): ComponentType<P> {
  return function Later(props: P) {
    const found = useQuery({
      queryKey: ["part", name],
      queryFn: async () => ({ Part: await fetchIt() }),
      staleTime: Infinity,
      gcTime: Infinity,
      structuralSharing: false,
      retry: false,
      // Without a network it fails and says so, instead of waiting for one in silence.
      networkMode: "always",
    });
    if (found.data) return <found.data.Part {...props} />;
    const As = inside ? "div" : "main";
    return <As className={`opening ${inside ? "inside" : ""}`}>{found.error ? <Missing /> : <Coming />}</As>;
  };
}

function Coming() {
  return (
    <>
      <Icon name="ear" size={40} />
      <p role="status">{t("part.loading")}</p>
    </>
  );
}

/**
 * An upgrade takes away the parts of the version before: only the page loaded anew knows where the new ones
 * are. Nor does a browser ask again for a part it once failed to get.
 */
function Missing() {
  return (
    <>
      <Icon name="alert" size={40} />
      <div role="alert">
        <h1>{t("part.title")}</h1>
        <p>{t("part.words")}</p>
      </div>
      <div className="acts">
        <button className="btn go" onClick={() => window.location.reload()}>{t("part.reload")}</button>
        <button className="btn" onClick={() => window.location.assign("/")}>{t("part.home")}</button>
      </div>
    </>
  );
}

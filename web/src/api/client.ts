/** One small client: JSON in and out, problems as errors, the token against forged requests. */

import { t } from "../i18n/t";

export class Problem extends Error {
  constructor(
    readonly slug: string,
    readonly status: number,
    detail: string,
    readonly extra: Record<string, unknown>,
  ) {
    super(detail);
  }
}

let csrf = "";

export function setCsrf(token: string): void {
  csrf = token;
}

export function goToSignIn(): void {
  const here = window.location.pathname + window.location.search;
  window.location.assign(`/sign-in?next=${encodeURIComponent(here)}`);
}

async function problemOf(response: Response): Promise<Problem> {
  try {
    const body = (await response.json()) as Record<string, unknown>;
    const { type, detail } = body;
    const slug = typeof type === "string" ? type : "error";
    const words = typeof detail === "string" ? detail : response.statusText;
    return new Problem(slug, response.status, words, body);
  } catch {
    return new Problem("error", response.status, response.statusText, {});
  }
}

/** `key` names an act that is done once, however often it is asked for; without it each call is one. */
export async function call<T>(method: string, path: string, body?: unknown, signal?: AbortSignal, key?: string): Promise<T> {
  const headers: Record<string, string> = { "X-CSRF-Token": csrf };
  const init: RequestInit = { method, headers, credentials: "same-origin", ...(signal ? { signal } : {}) };
  if (body instanceof Blob) {
    headers["Content-Type"] = body.type || "application/octet-stream";
    init.body = body;
  } else if (body !== undefined) {
    headers["Content-Type"] = "application/json";
    init.body = JSON.stringify(body);
  }
  if (method === "POST") headers["Idempotency-Key"] = key ?? crypto.randomUUID();
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}`, init);
  } catch {
    throw new Problem("offline", 0, t("error.offline"), {});
  }
  if (response.status === 401) goToSignIn();
  if (!response.ok) throw await problemOf(response);
  if (response.status === 204) return undefined as T;
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as T;
}

export const get = <T>(path: string): Promise<T> => call<T>("GET", path);
export const put = <T>(path: string, body?: unknown): Promise<T> => call<T>("PUT", path, body ?? {});
export const post = <T>(path: string, body?: unknown, signal?: AbortSignal, key?: string): Promise<T> => call<T>("POST", path, body ?? {}, signal, key);
export const patch = <T>(path: string, body: unknown): Promise<T> => call<T>("PATCH", path, body);
export const del = <T>(path: string): Promise<T> => call<T>("DELETE", path);

export function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

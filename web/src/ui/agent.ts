/** What a browser says of itself, as far as a person wants to know it. */
const BROWSERS: [RegExp, string][] = [
  [/Edg(?:e|A|iOS)?\//, "Edge"], [/OPR\//, "Opera"], [/SamsungBrowser\//, "Samsung Internet"], [/(?:Firefox|FxiOS)\//, "Firefox"],
  [/(?:Chrome|CriOS)\//, "Chrome"], [/Safari\//, "Safari"],
];
const SYSTEMS: [RegExp, string][] = [
  [/iPhone/, "iPhone"], [/iPad/, "iPad"], [/Android/, "Android"], [/CrOS/, "ChromeOS"], [/Windows/, "Windows"], [/Mac OS X/, "macOS"], [/Linux/, "Linux"],
];

/** The browser and the system by their names; null where they are not known. */
export function namedAgent(said: string): { browser: string; system: string } | null {
  const browser = BROWSERS.find(([mark]) => mark.test(said))?.[1];
  const system = SYSTEMS.find(([mark]) => mark.test(said))?.[1];
  return browser && system ? { browser, system } : null;
}

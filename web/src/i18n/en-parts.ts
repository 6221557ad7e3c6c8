/** While a part of the screen is fetched, and when it does not come. */
export const parts = {
  "part.loading": "Opening…",
  "part.title": "This part of the screen did not come",
  "part.words": "The desk may have been upgraded since you opened it, or your network is down. Load the screen anew; what you wrote is kept. If it lasts, tell whoever runs the desk.",
  "part.reload": "Load anew",
  "part.home": "Back to the desk",
} as const;

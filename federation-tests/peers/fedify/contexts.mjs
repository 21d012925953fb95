// Prints the JSON-LD contexts that Fedify ships, by address: JSON-LD peers need them offline.
import { preloadedContexts } from "@fedify/vocab-runtime";

console.log(JSON.stringify(preloadedContexts));

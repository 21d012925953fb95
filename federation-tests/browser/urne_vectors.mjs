// Runs the script of the ballot (templates/static/urne.js) over the test vectors of RFC 9474, and a whole vote without
// server: what it blinds, signs and unblinds must verify.
//
//   node urne_vectors.mjs urne.js rfc9474.json
import { readFileSync } from "node:fs";
import { constants, generateKeyPairSync, privateDecrypt } from "node:crypto";
import assert from "node:assert/strict";

const [script, vectors] = process.argv.slice(2);
new Function(readFileSync(script, "utf8"))();
const urne = globalThis.parvisUrne;
const v = JSON.parse(readFileSync(vectors));

const inverse = (a, n) => {
  let [r0, r1, t0, t1] = [n, a % n, 0n, 1n];
  while (r1) { const q = r0 / r1; [r0, r1, t0, t1] = [r1, r0 - q * r1, t1, t0 - q * t1]; }
  return ((t0 % n) + n) % n;
};

const key = urne.keyOf(v.n, v.e);
const message = urne.fromHex(v.input_msg);
const factor = inverse(urne.toNumber(urne.fromHex(v.inv)), key.n);
const blinding = await urne.blind(key, message, urne.fromHex(v.salt), factor);
assert.equal(blinding.blinded, v.blinded_msg);
assert.equal(blinding.inverse, v.inv);
assert.equal(await urne.unblind(key, message, v.blind_sig, v.inv), v.sig);
await assert.rejects(urne.unblind(key, urne.fromHex(v.msg), v.blind_sig, v.inv));

const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
const jwk = pair.publicKey.export({ format: "jwk" });
const hex = (text) => Buffer.from(text, "base64url").toString("hex");
const own = urne.keyOf(hex(jwk.n), hex(jwk.e));
for (let round = 0; round < 5; round++) {
  const ballot = urne.newBallot([2, 0]);
  assert.deepEqual(ballot.choices, [0, 2]);
  const bytes = urne.messageOf("117", ballot);
  assert.equal(Buffer.from(bytes.slice(32)).toString(), `parvis-ballot-1|117|0,2|${ballot.serial}`);
  const blinded = await urne.blind(own, bytes);
  const signed = privateDecrypt({ key: pair.privateKey, padding: constants.RSA_NO_PADDING }, Buffer.from(blinded.blinded, "hex"));
  const signature = await urne.unblind(own, bytes, signed.toString("hex"), blinded.inverse);
  assert.ok(await urne.verify(own, bytes, urne.fromHex(signature)));
  bytes[40] ^= 1;
  assert.ok(!(await urne.verify(own, bytes, urne.fromHex(signature))));
}
console.log("the script of the ballot does what RFC 9474 says");

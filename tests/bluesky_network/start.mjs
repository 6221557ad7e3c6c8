// A whole Bluesky network on loopback: identity directory (PLC), personal data server (PDS) and
// AppView. Prints one line of JSON when it is ready, and ends when its standard input closes, so
// that it can never outlive the test run that started it. State is fresh at every start.
//
//   BLUESKY_POSTGRES_URL   where the AppView keeps its tables (an empty database)
//   BLUESKY_POSTGRES_SCHEMA   default "appview"
import { createRequire } from 'node:module'
import process from 'node:process'

const require = createRequire(import.meta.url)
const { TestBsky, TestPds, TestPlc, mockMailer, mockNetworkUtilities } = require('@atproto/dev-env')
const { Secp256k1Keypair } = require('@atproto/crypto')
const { didForCreateOp, signOperation } = require('@did-plc/lib')
const freePort = require('get-port')

// Standard output carries the one line alone; whatever the parts print goes to standard error.
const say = process.stdout.write.bind(process.stdout)
process.stdout.write = process.stderr.write.bind(process.stderr)

const postgres = process.env.BLUESKY_POSTGRES_URL
if (!postgres) {
  process.stderr.write('BLUESKY_POSTGRES_URL is not set\n')
  process.exit(2)
}
process.stdin.resume()
process.stdin.on('end', () => process.exit(0))
process.stdin.on('error', () => process.exit(0))

const plc = await TestPlc.create({})
const pdsPort = await freePort()
const bsky = await TestBsky.create({
  plcUrl: plc.url,
  pdsPort,
  repoProvider: `ws://localhost:${pdsPort}`,
  dbPostgresUrl: postgres,
  dbPostgresSchema: process.env.BLUESKY_POSTGRES_SCHEMA || 'appview',
})
const pds = await TestPds.create({
  port: pdsPort,
  didPlcUrl: plc.url,
  bskyAppViewUrl: bsky.url,
  bskyAppViewDid: bsky.ctx.cfg.serverDid,
})
mockNetworkUtilities(pds, bsky)
mockMailer(pds)

// No chat server comes with these packages. One that runs elsewhere gets an identity of its own, so
// that the account's server hands calls on to it as it would to the real one.
let chat = ''
if (process.env.BLUESKY_CHAT_URL) {
  const key = await Secp256k1Keypair.create({ exportable: false })
  const operation = await signOperation(
    {
      type: 'plc_operation',
      rotationKeys: [key.did()],
      verificationMethods: { atproto: key.did() },
      alsoKnownAs: [],
      services: {
        bsky_chat: { type: 'BskyChatService', endpoint: process.env.BLUESKY_CHAT_URL },
      },
      prev: null,
    },
    key,
  )
  const did = await didForCreateOp(operation)
  await plc.getClient().sendOperation(did, operation)
  chat = `${did}#bsky_chat`
}
say(JSON.stringify({ plc: plc.url, pds: pds.url, bsky: bsky.url, chat }) + '\n')

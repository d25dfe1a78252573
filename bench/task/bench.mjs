/**
 * What the works of one run share: tables, the database file, peers and PostgreSQL, each made when first
 * asked for.
 */
import { tableFiles } from '../data/files.mjs';
import { freshFile, loadTable } from '../ours/tables.mjs';
import { Peer } from '../peers/peer.mjs';
import { preparePython } from '../peers/python.mjs';
import { Postgres } from '../postgres/postgres.mjs';

export class Bench {
  #python;
  #peers = new Map();
  #tables = new Map();
  #postgres;
  /** Versions of the contenders that took part, by name; why others did not. */
  versions = {};
  absent = {};

  constructor({ rows, latencyCalls }) {
    Object.assign(this, { rows, latencyCalls, file: freshFile(`bench-${rows}`) });
  }

  /** A table's files; its rows are in our database file. */
  async table(name) {
    if (!this.#tables.has(name)) {
      const files = await tableFiles(name, this.rows);
      const seconds = await loadTable(this.file, files);
      console.error(`bench:   table ${name} loaded in ${seconds.toFixed(2)} s`);
      this.#tables.set(name, files);
    }
    return this.#tables.get(name);
  }

  /** Names of a goal's Python peers; none where there is no Python. */
  peersOf(goal) {
    this.#python ??= preparePython();
    if (this.#python.reason === undefined) return goal.peers;
    this.absent['Python peers'] = this.#python.reason;
    return [];
  }

  /** The process of a peer that lives through the run. */
  async peer(name) {
    if (!this.#peers.has(name)) this.#peers.set(name, await this.#startPeer(name, false));
    return this.#peers.get(name);
  }

  /** Ends a peer in the middle of its task; who asks for it again gets a new process. */
  async stopPeer(name) {
    const peer = this.#peers.get(name);
    this.#peers.delete(name);
    await peer?.kill();
  }

  /** A process of its own, with no more imported than one fit needs; whoever asks stops it. */
  async freshPeer(name) {
    return this.#startPeer(name, true);
  }

  async #startPeer(name, lean) {
    const peer = new Peer(this.#python.python, name);
    const { version, python } = await peer.ask('hello', { lean });
    this.versions[name] = `${version}, Python ${python}`;
    return peer;
  }

  /** Ends what a work has left in the peers. */
  async forget() {
    for (const peer of this.#peers.values()) await peer.ask('forget');
  }

  async postgres() {
    this.#postgres ??= await Postgres.start();
    if (this.#postgres.reason === undefined) this.versions.postgres = this.#postgres.version;
    else this.absent.PostgreSQL = this.#postgres.reason;
    return this.#postgres;
  }

  async close() {
    for (const peer of this.#peers.values()) await peer.stop();
    if (this.#postgres?.reason === undefined) await this.#postgres?.stop();
  }
}

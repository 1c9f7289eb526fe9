import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import Libsql from 'libsql';
import { UserError } from '../../../components/core/errors.ts';
import { makeFolder } from '../../../components/core/make-folder.ts';
import { schemaStatements } from './schema.ts';

export type Value = string | number | bigint | null;

/** How long a writer waits for another one, as MLflow does. */
const patience = 20_000;
const mostStatements = 200;
/** Rows of one INSERT: few sizes, for each is a statement of its own. */
const insertSizes = [64, 16, 4, 1];

/** A SQLite file of MLflow, opened; made where there is none. */
export class TrackingDatabase {
  readonly #database: Libsql.Database;
  /** File or folder may not be written: what is in it can be read all the same. */
  readonly #isReadOnly: boolean;
  readonly #statements = new Map<string, Libsql.Statement>();

  /** @throws UserError for a file that is no database of MLflow. */
  constructor(readonly path: string) {
    makeFolder(dirname(path));
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
      throw new UserError(`${path} is a folder, not a SQLite file`, {
        hint: 'name a file in it, such as sqlite:////data/runs.db, or leave out sqlite: for a store of folders',
      });
    this.#isReadOnly = existsSync(path) && !(isWritable(path) && isWritable(dirname(path)));
    // a write-ahead log can't be opened without writing, unless it is promised that nobody else writes either
    const name = this.#isReadOnly ? `${pathToFileURL(path).href}?immutable=1` : path;
    this.#database = new Libsql(name, { timeout: patience });
    try {
      this.#prepare();
    } catch (error) {
      this.#database.close();
      if (error instanceof UserError) throw error;
      throw new UserError(
        `${path} cannot be opened: ${error instanceof Error ? error.message : String(error)}`,
        {
          hint: 'it must be a SQLite database of MLflow, or not be there',
          cause: error,
        },
      );
    }
  }

  /** Rows as arrays of cells. */
  all<T extends readonly unknown[]>(sql: string, ...values: readonly Value[]): T[] {
    return this.#statement(sql)
      .raw(true)
      .all(...values) as T[];
  }

  first<T extends readonly unknown[]>(sql: string, ...values: readonly Value[]): T | undefined {
    return this.all<T>(sql, ...values)[0];
  }

  /** Number of rows changed. */
  run(sql: string, ...values: readonly Value[]): number {
    if (this.#isReadOnly)
      throw new UserError(`${this.path} can't be written: permission denied, or its disk is read-only`);
    return this.#statement(sql).run(...values).changes;
  }

  /**
   * Inserts rows of cells, many with one statement, which costs half as much as one by one. `head` ends before VALUES, `tail` follows it.
   * Number of rows changed.
   */
  insert(head: string, rows: readonly (readonly Value[])[], tail = ''): number {
    let changed = 0;
    for (let from = 0; from < rows.length; ) {
      const size = insertSizes.find((n) => n <= rows.length - from) ?? 1;
      const some = rows.slice(from, from + size);
      const marks = `(${some[0]!.map(() => '?').join(', ')})`;
      changed += this.run(`${head} VALUES ${some.map(() => marks).join(', ')} ${tail}`, ...some.flat());
      from += size;
    }
    return changed;
  }

  /** Runs `work` in one transaction that has the right to write from the start: all of it is kept, or nothing. */
  write<T>(work: () => T): T {
    this.run('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.run('COMMIT');
      return result;
    } catch (error) {
      if (this.#database.inTransaction) this.run('ROLLBACK');
      throw error;
    }
  }

  /** Brings what is written to the disk. */
  sync(): void {
    if (this.#isReadOnly) return;
    this.#database.exec('PRAGMA wal_checkpoint(PASSIVE)');
  }

  /** What is written is in the file itself afterwards, not in the log beside it, as far as nobody else is reading: it can be copied alone. */
  close(): void {
    try {
      this.sync();
    } catch {
      // the log keeps it
    }
    this.#statements.clear();
    this.#database.close();
  }

  #statement(sql: string): Libsql.Statement {
    let statement = this.#statements.get(sql);
    if (statement) return statement;
    if (this.#statements.size >= mostStatements) this.#statements.clear();
    statement = this.#prepared(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #prepared(sql: string): Libsql.Statement {
    try {
      return this.#database.prepare(sql);
    } catch (error) {
      const said = error instanceof Error ? error.message : '';
      if (!/no such (?:table|column)|has no column/.test(said)) throw error;
      throw new UserError(`${this.path} was made by another version of MLflow: ${said}`, {
        hint: `bring it up to date: mlflow db upgrade sqlite:///${this.path}`,
        cause: error,
      });
    }
  }

  /**
   * With a write-ahead log a committed value survives the death of this process without waiting for the disk, and readers do not wait
   * for writers; MLflow reads such files.
   */
  #prepare(): void {
    if (!this.#isReadOnly) {
      this.#database.exec('PRAGMA journal_mode = WAL');
      this.#database.exec('PRAGMA synchronous = NORMAL');
      this.#database.exec('PRAGMA foreign_keys = ON');
    }
    // MLflow's LIKE tells upper from lower case.
    this.#database.exec('PRAGMA case_sensitive_like = ON');
    if (this.#isMade()) return;
    this.write(() => {
      // Another process may have been quicker.
      if (!this.#isMade()) for (const statement of schemaStatements()) this.#database.exec(statement);
    });
  }

  #isMade(): boolean {
    const names = this.all<[string]>("SELECT name FROM sqlite_master WHERE type = 'table'").map(
      ([name]) => name,
    );
    if (names.length === 0) return false;
    if (names.includes('alembic_version') && names.includes('experiments')) return true;
    throw new UserError(`${this.path} is a SQLite database, but none of MLflow`, {
      hint: 'name another file in sqlite:///FILE',
    });
  }
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

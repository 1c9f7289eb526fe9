import fc from 'fast-check';
import { experimentGrammar, runGrammar } from '../../../records/tracking/search/grammar.ts';
import { parseFilter } from '../../../records/tracking/search/parse-filter.ts';
import { parseOrder } from '../../../records/tracking/search/parse-order.ts';
import { mutatedText } from '../mutated.ts';
import { type FuzzTarget, refusedOr } from '../target.ts';

const samples = [
  "metrics.IC > 0.01 AND params.model = 'LGBModel' AND tags.`mlflow.user` LIKE '%a_b%'",
  "attributes.status IN ('FINISHED', 'RUNNING') AND run_name ILIKE 'a%'",
  "tags.x IS NOT NULL AND start_time >= 1600000000000 AND attributes.run_id NOT IN ('a')",
  "name LIKE '%' AND tag.\"key\" != 'v'",
  'metrics.`l2.valid` DESC',
];
const pieces = [
  ..." AND | OR | NOT |IN | IN (|LIKE |ILIKE |IS NULL|IS NOT NULL|=|!=|<=|>|(|)|,|`|\"|'|''|\\|%|_|metrics.|params.|tags.|attributes.|dataset.|run_id|status|name|1e999|-|.|ASC|DESC|\n|%%%%%%%%%%%%%%%%%%%%".split(
    '|',
  ),
];

/** MLflow's search language: parsed or refused, for filters and orders of runs and experiments. */
export const search: FuzzTarget<string> = {
  name: 'search texts',
  inputs: fc.oneof(mutatedText(samples, pieces), mutatedText([''], pieces)),
  runs: 2000,
  async check(text) {
    for (const grammar of [runGrammar, experimentGrammar]) {
      await refusedOr(() => parseFilter(text, grammar));
      await refusedOr(() => parseOrder(text, grammar));
    }
  },
};

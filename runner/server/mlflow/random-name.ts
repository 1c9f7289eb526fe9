import { randomInt } from 'node:crypto';

const first =
  'able agile amber bold brave bright calm clean clever crisp eager early fair fast fine fresh gentle glad golden grand keen kind light lively lucky mellow neat noble proud quick quiet rare sharp silver smooth steady still swift warm wise'.split(
    ' ',
  );
const second =
  'ant badger bear beaver bee crane crow deer dove duck eagle elk falcon finch fox gull hare hawk heron ibis jay lark lynx mole moose moth otter owl panda pike quail raven robin seal shrew sparrow stork swan trout wren'.split(
    ' ',
  );

/** A name for a run that was given none, such as `swift-otter-417`. Not unique. */
export function randomRunName(): string {
  return `${first[randomInt(first.length)]}-${second[randomInt(second.length)]}-${randomInt(1000)}`;
}

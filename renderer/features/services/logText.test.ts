import { describe, expect, it } from 'vitest';
import { readLogText } from './logText.ts';

describe('readLogText', () => {
  it.each([
    ['plain text', 'plain text', []],
    [
      '{"level":30,"msg":"request","ms":12,"path":"/a"}',
      'request',
      [
        ['ms', '12'],
        ['path', '/a'],
      ],
    ],
    ['{"message":"x","time":1,"service":"search","err":{"code":"E"}}', 'x', [['err', '{"code":"E"}']]],
    ['{"a":null}', '', [['a', 'null']]],
    ['{"cut":"off', '{"cut":"off', []],
    ['{"msg":3,"message":"words"}', 'words', [['msg', '3']]],
    ['<b>bold</b>', '<b>bold</b>', []],
    ['', '', []],
  ])('%s', (text, message, fields) => {
    expect(readLogText(text)).toEqual({ message, fields });
  });

  it('is bounded however many fields a line has', () => {
    const text = JSON.stringify(Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`f${index}`, index])));
    expect(readLogText(text).fields).toHaveLength(24);
  });
});

import fc from 'fast-check';
import { markup } from './markup.js';

it('shows what is put in as the text that it is', () => {
  expect(markup`<p title="${'"x" \'y\''}">${'<script>alert(1)</script> & more'}</p>`.source).toBe(
    '<p title="&quot;x&quot; &#39;y&#39;">&lt;script&gt;alert(1)&lt;/script&gt; &amp; more</p>',
  );
});

it('writes as numbers what nobody would see', () => {
  expect(markup`${'\u001b[31mred\u2028\u202eback'}`.source).toBe('\\x1b[31mred\\u{2028}\\u{202e}back');
});

it('puts in what it has made before as it is, lists too', () => {
  const items = ['a<', 'b'].map((text) => markup`<li>${text}</li>`);
  expect(markup`<ul>${items}</ul>`.source).toBe('<ul><li>a&lt;</li><li>b</li></ul>');
});

it('lets no text open or close a tag or an attribute', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(markup`${text}`.source).not.toMatch(/[<>"']/);
    }),
  );
});

// Asks a server by OpenAI's own client for Node, as it is. The server's address is in TERN_URL, its key in TERN_KEY and
// the model's name in TERN_MODEL. Prints what was asked; fails at the first answer that is not as it should be.
import assert from 'node:assert/strict';
import OpenAI from 'openai';

const model = process.env.TERN_MODEL;
const client = new OpenAI({ baseURL: `${process.env.TERN_URL}/v1`, apiKey: process.env.TERN_KEY, maxRetries: 0 });
const messages = [{ role: 'system', content: 'You tell stories.' }, { role: 'user', content: 'Tell me of a dog.' }];
const animal = {
  type: 'object',
  properties: { name: { type: 'string', maxLength: 12 }, age: { type: 'integer', minimum: 0, maximum: 120 } },
  required: ['name', 'age'],
  additionalProperties: false,
};

function assertIsAnimal(text) {
  const value = JSON.parse(text);
  assert.deepEqual(Object.keys(value).sort(), ['age', 'name']);
  assert.equal(typeof value.name, 'string');
  assert.ok(Number.isInteger(value.age) && value.age >= 0 && value.age <= 120);
}

const checks = {
  async chat() {
    const answer = await client.chat.completions.create({ model, messages, temperature: 0, max_completion_tokens: 16 });
    assert.equal(answer.object, 'chat.completion');
    assert.equal(answer.choices[0].message.role, 'assistant');
    assert.ok(answer.usage.completion_tokens > 0);
    return answer.choices[0].message.content;
  },

  async streaming() {
    const whole = await checks.chat();
    const stream = await client.chat.completions.create({
      model, messages, temperature: 0, max_completion_tokens: 16, stream: true, stream_options: { include_usage: true },
    });
    let text = '';
    let usage = null;
    for await (const piece of stream) {
      text += piece.choices[0]?.delta?.content ?? '';
      usage = piece.usage ?? usage;
    }
    assert.equal(text, whole);
    assert.ok(usage.total_tokens > 0);
  },

  async 'a stream that is left'() {
    const stream = await client.chat.completions.create({ model, messages, max_completion_tokens: 400, stream: true });
    for await (const piece of stream) {
      assert.equal(piece.object, 'chat.completion.chunk');
      break;
    }
  },

  async logprobs() {
    const answer = await client.chat.completions.create({
      model, messages, temperature: 0, max_completion_tokens: 4, logprobs: true, top_logprobs: 3,
    });
    for (const entry of answer.choices[0].logprobs.content) {
      assert.equal(entry.top_logprobs.length, 3);
      assert.equal(entry.top_logprobs[0].logprob, entry.logprob);
    }
  },

  async schema() {
    const answer = await client.chat.completions.create({
      model, messages, temperature: 0, max_completion_tokens: 200,
      response_format: { type: 'json_schema', json_schema: { name: 'animal', strict: true, schema: animal } },
    });
    assert.equal(answer.choices[0].finish_reason, 'stop');
    assertIsAnimal(answer.choices[0].message.content);
  },

  async 'a tool that has to be called'() {
    const answer = await client.chat.completions.create({
      model, messages, temperature: 0, max_completion_tokens: 250,
      tools: [{ type: 'function', function: { name: 'note_animal', parameters: animal } }],
      tool_choice: { type: 'function', function: { name: 'note_animal' } },
    });
    assert.equal(answer.choices[0].finish_reason, 'tool_calls');
    const [call] = answer.choices[0].message.tool_calls;
    assert.equal(call.function.name, 'note_animal');
    assertIsAnimal(call.function.arguments);
  },

  async completions() {
    const answer = await client.completions.create({
      model, prompt: ['Once upon a time', 'The dog'], temperature: 0, max_tokens: 5, echo: true, logprobs: 1,
    });
    assert.equal(answer.choices.length, 2);
    assert.ok(answer.choices[1].text.startsWith('The dog'));
    assert.equal(answer.choices[0].logprobs.token_logprobs[0], null);
  },

  async models() {
    const names = [];
    for await (const each of client.models.list()) {
      names.push(each.id);
    }
    assert.deepEqual(names, [model]);
    assert.equal((await client.models.retrieve(model)).id, model);
  },

  async errors() {
    await assert.rejects(client.chat.completions.create({ model, messages, temperature: -1 }),
      (problem) => problem instanceof OpenAI.BadRequestError && problem.param === 'temperature');
    await assert.rejects(client.models.retrieve('another'), OpenAI.NotFoundError);
    await assert.rejects(client.withOptions({ apiKey: 'wrong' }).models.list(), OpenAI.AuthenticationError);
  },
};

for (const [name, check] of Object.entries(checks)) {
  await check();
  console.log(name);
}

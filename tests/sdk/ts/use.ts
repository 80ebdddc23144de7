import { evaluate, evaluateFlag, getFlag, listFlags } from './gen/client';

export async function use(): Promise<string> {
  const list = await listFlags();
  const names: string[] = list.status === 200 ? list.data.flags.map((flag) => flag.name) : [];
  const one = await getFlag('x');
  const problem: string = one.status === 404 ? one.data.code : 'none';
  const evaluation = await evaluateFlag('x', { context: { targetingKey: 'u-1' } });
  const reason: string = evaluation.status === 200 ? evaluation.data.reason : evaluation.data && 'errorCode' in evaluation.data ? evaluation.data.errorCode : '';
  const told = await evaluate({ flags: ['x'], explain: true, context: { kind: 'user', key: 'u-1' } });
  const steps: string[] = told.status === 200 ? told.data.flags.flatMap((flag) => flag.trace ?? []).map((step) => step.detail) : [];
  return [...names, problem, reason, ...steps].join();
}

import type { IdentitiesShown, IdentityShown } from '../../../main/server/contract.ts';

/** Two answers as one: each attribute and each value once, in the order in which they came. */
export function mergedIdentities(one: IdentitiesShown, other: IdentitiesShown): IdentitiesShown {
  const attributes = new Map(one.attributes.map((shown) => [shown.attribute, shown.values]));
  for (const { attribute, values } of other.attributes) {
    attributes.set(attribute, mergedValues(attributes.get(attribute) ?? [], values));
  }
  return {
    attributes: [...attributes].map(([attribute, values]) => ({ attribute, values })),
    failed: [...one.failed, ...other.failed],
  };
}

function mergedValues(one: IdentityShown['values'], other: IdentityShown['values']): IdentityShown['values'] {
  const values = new Map(one.map((shown) => [shown.value, shown]));
  for (const shown of other) {
    const known = values.get(shown.value);
    values.set(shown.value, known === undefined ? shown : { ...known, volumes: known.volumes + shown.volumes });
  }
  return [...values.values()];
}

// The two functions of an entry, over the way it runs a core.
import type { BundleVerdict, Bytes } from "./verdict.js";
import { Validator, type BundleOptions, type MakeBackend, type ValidatorOptions } from "./validator.js";

export interface Entry {
  createValidator(options?: ValidatorOptions): Promise<Validator>;
  verifyBundle(bundle: Bytes, options?: BundleOptions): Promise<BundleVerdict>;
}

export function entry(make: MakeBackend): Entry {
  const createValidator = (options: ValidatorOptions = {}): Promise<Validator> =>
    Validator.create(make, options);
  return {
    createValidator,
    async verifyBundle(bundle, options) {
      const validator = await createValidator();
      try {
        return await validator.verifyBundle(bundle, options);
      } finally {
        validator.close();
      }
    },
  };
}

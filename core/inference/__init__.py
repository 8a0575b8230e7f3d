"""A thousand passes: samples, masks, plan and sampler."""

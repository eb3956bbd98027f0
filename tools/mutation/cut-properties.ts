// Makes properties generate few cases, the same for each mutant.
import fc from 'fast-check'

fc.configureGlobal({ numRuns: 5, seed: 1 })

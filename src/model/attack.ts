/** MITRE ATT&CK names of what minecanary finds. Source: https://attack.mitre.org/techniques/T1496/001/ */
export const FRAMEWORK = 'MITRE ATT&CK';
export const TACTIC = { id: 'TA0040', name: 'Impact', reference: 'https://attack.mitre.org/tactics/TA0040/' } as const;
export const TECHNIQUE = {
  id: 'T1496',
  name: 'Resource Hijacking',
  reference: 'https://attack.mitre.org/techniques/T1496/',
} as const;
export const SUBTECHNIQUE = {
  id: 'T1496.001',
  name: 'Compute Hijacking',
  reference: 'https://attack.mitre.org/techniques/T1496/001/',
} as const;
/** Added to the `tags` of an event. */
export const TAGS = ['T1496', 'cryptomining'] as const;

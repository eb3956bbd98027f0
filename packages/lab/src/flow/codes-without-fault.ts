// Decision codes that no fault produces, with the reason. A test keeps the list complete.
import type { XaaCode } from '@crosswalk/protocol'

interface WithoutFault {
  readonly because: string
  readonly codes: readonly XaaCode[]
}

export const CODES_WITHOUT_FAULT: readonly WithoutFault[] = [
  { because: 'nothing is denied', codes: ['XAA0000'] },
  {
    because: 'the playground shows it in a separate step',
    codes: ['XAA0001', 'XAA1603', 'XAA3004', 'XAA3009'],
  },
  {
    because: 'access has to end between two steps: stop the playground there and use the console',
    codes: ['XAA1220', 'XAA2216', 'XAA2303', 'XAA3007'],
  },
  {
    because: 'another app or user has to take part, with credentials of their own',
    codes: [
      'XAA1103',
      'XAA1108',
      'XAA1203',
      'XAA1501',
      'XAA1502',
      'XAA1503',
      'XAA1506',
      'XAA1802',
      'XAA2102',
      'XAA2104',
    ],
  },
  {
    because: 'it would lock the app out for a while',
    codes: ['XAA1107', 'XAA1904', 'XAA2106'],
  },
  {
    because: 'time has to pass, or two clocks have to differ',
    codes: ['XAA1204', 'XAA1206', 'XAA2206', 'XAA2207', 'XAA3003'],
  },
  {
    because: 'only the IdP can sign such an ID-JAG, and a forged one is denied for its signature',
    codes: [
      ...(['XAA2208', 'XAA2210', 'XAA2211', 'XAA2212', 'XAA2213', 'XAA2214', 'XAA2215'] as const),
      ...(['XAA2218', 'XAA2221', 'XAA2222', 'XAA2403'] as const),
    ],
  },
  {
    because: 'the definitions of the IdP have to be different, and an administrator act cannot be undone',
    codes: [
      ...(['XAA1307', 'XAA1401', 'XAA1402', 'XAA1404', 'XAA1405', 'XAA1406', 'XAA1407'] as const),
      ...(['XAA1410', 'XAA1505', 'XAA1604', 'XAA1605'] as const),
    ],
  },
  {
    because: 'the definitions of the authorization server, or its accounts, have to be different',
    codes: ['XAA2301', 'XAA2302', 'XAA2305', 'XAA2306', 'XAA2402', 'XAA3010'],
  },
  {
    because: 'the subject token is of another kind: SAML, a workload, or from another identity provider',
    codes: [
      ...(['XAA1207', 'XAA1209', 'XAA1210', 'XAA1211', 'XAA1212', 'XAA1213', 'XAA1214'] as const),
      ...(['XAA1215', 'XAA1216', 'XAA1221'] as const),
    ],
  },
  {
    because: 'an agent has to call another agent',
    codes: ['XAA1217', 'XAA1218', 'XAA1219', 'XAA1408', 'XAA1409', 'XAA1607'],
  },
  {
    because: 'it belongs to another flow: the authorization code flow, or stored credentials',
    codes: [
      ...(['XAA2501', 'XAA2502', 'XAA2503', 'XAA2504', 'XAA2505'] as const),
      ...(['XAA2601', 'XAA2602', 'XAA2603', 'XAA2604', 'XAA2605'] as const),
    ],
  },
  {
    because: 'a server, its keys or its database have to be unreachable, broken or overloaded',
    codes: ['XAA1106', 'XAA2105', 'XAA2204', 'XAA9001', 'XAA9002', 'XAA9003'],
  },
  {
    because: 'an SDK or the doctor reports it about a foreign server, and no request is denied',
    codes: [
      ...(['XAA4001', 'XAA4003', 'XAA4005', 'XAA4006', 'XAA4012', 'XAA5001', 'XAA5002'] as const),
      ...(['XAA5003', 'XAA5004', 'XAA5005', 'XAA5006', 'XAA5007', 'XAA5008'] as const),
    ],
  },
]

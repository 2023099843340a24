/** How a piece travels: as it is, or compressed by DEFLATE without a wrapper (RFC 1951), which is `deflate-raw` to browsers. */
export type PieceForm = 'plain' | 'deflated';

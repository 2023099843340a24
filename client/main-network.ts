import { openLane } from './peer/lane.ts';
import { Room } from './room/room.ts';
import type { MeetingTools } from './compare/meeting.ts';
import type { SessionTools } from './session/session-tools.ts';
import { startTicker } from './time/ticker.ts';

/** What the sessions of both pages are made of. The page is shown before it is loaded: it is the larger half of the scripts. */
export const sessionTools: SessionTools = {
  clock: () => performance.now(),
  openRoom: (...wanted) => new Room(...wanted),
  openLane,
  startTicker,
};

/** How the two of a comparison meet. */
export const openMeeting: MeetingTools['openMeeting'] = (...wanted) => new Room(...wanted);

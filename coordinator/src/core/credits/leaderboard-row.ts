// What is told of one place on the leaderboard.

export type LeaderboardRow = {
  rank: number;
  name: string;
  tag: string;
  isAnonymous: boolean;
  creditMilli: number;
  acceptedReplicas: number;
  hosts: number;
  isOnline: boolean;
};

//! Lets go of the oldest when there is too much. Story times of what remains stay as they are.

use super::{Keep, Moment, Story, WireNs, blocks::MOMENTS, pacing::Lead, trace::NONE};

impl Story {
    /// Drops a quarter and more at a time, for it visits everything.
    pub(super) fn trim(&mut self) {
        let Keep::Newest(most) = self.keep else { return };
        if self.moments.len() <= most {
            return;
        }
        let cut = (self.moments.len() - most + most / 4).min(self.moments.len() - 1);
        let mut horizon = self.moments[cut].t;
        let first_kept = self.moments.partition_point(|moment| moment.t < horizon);
        if most < self.moments.len() - first_kept {
            // Too many with one and the same stamp.
            horizon = WireNs(horizon.0.saturating_add(1));
        }
        let places = self.drop_journeys_before(horizon);
        self.drop_moments(&places);
        let settled = self.labs.partition_point(|(since, _)| *since <= horizon);
        self.labs.drain(..settled.saturating_sub(1));
        self.horizon = Some(horizon);
        self.survey_told_from(0);
        self.survey_moments_from(0);
    }

    /// Where each journey stands now; [`NONE`] for those that are gone.
    fn drop_journeys_before(&mut self, horizon: WireNs) -> Vec<u32> {
        let mut places = Vec::with_capacity(self.told.len());
        let mut kept = 0;
        for trace in &self.traces {
            let is_old = trace.hops.first().is_none_or(|root| root.t < horizon.0);
            places.push(if is_old { NONE } else { kept });
            kept += u32::from(!is_old);
            if is_old {
                self.conversations.remove(&(trace.conversation, trace.id));
            }
        }
        // Pacing still has to know who was there.
        self.note_leads(&places);
        let mut place = places.iter();
        self.told.retain(|_| place.next().is_some_and(|place| *place != NONE));
        let mut place = places.iter();
        self.traces.retain(|_| place.next().is_some_and(|place| *place != NONE));
        for index in 0..self.traces.len() {
            let after = self.traces[index].after.filter(|before| self.index_of(*before).is_some());
            self.traces[index].after = after;
        }
        places
    }

    /// What pacing will know before each block of what remains.
    fn note_leads(&mut self, places: &[u32]) {
        let mut lead: Lead = self.leads.first().copied().unwrap_or_default();
        let mut leads = Vec::new();
        let mut kept = 0_usize;
        for moment in &self.moments {
            let trace = &self.traces[moment.told as usize];
            if places[moment.told as usize] != NONE {
                if kept.is_multiple_of(MOMENTS) {
                    leads.push(lead);
                }
                kept += 1;
            }
            lead.note(trace.hops[moment.sighting as usize].nominal, trace.id);
        }
        self.leads = leads;
    }

    fn drop_moments(&mut self, places: &[u32]) {
        let mut kept = 0;
        let mut gaps = 0;
        let mut kept_gaps = 0;
        let first = self.moments.iter().position(|moment| places[moment.told as usize] != NONE);
        let first = first.unwrap_or(self.moments.len());
        self.pace.origin = first.checked_sub(1).map_or(self.pace.origin, |last| Some(self.pace.knots[last]));
        for index in 0..self.moments.len() {
            if self.pace.gap_ends.get(gaps) == Some(&index) {
                // What was before the first that remains is no gap any more.
                if kept != 0 {
                    self.pace.gaps[kept_gaps] = self.pace.gaps[gaps];
                    self.pace.gap_ends[kept_gaps] = kept;
                    kept_gaps += 1;
                }
                gaps += 1;
            }
            let moment = self.moments[index];
            let place = places[moment.told as usize];
            if place != NONE {
                self.moments[kept] = Moment { told: place, ..moment };
                self.pace.knots[kept] = self.pace.knots[index];
                kept += 1;
            }
        }
        let dropped = self.moments.len() - kept;
        self.not_shown = self.not_shown.saturating_add(dropped as u64);
        self.moments.truncate(kept);
        self.pace.knots.truncate(kept);
        self.pace.gaps.truncate(kept_gaps);
        self.pace.gap_ends.truncate(kept_gaps);
    }
}

//! The thread that owns the output: it opens and loses devices, and keeps time where no device does.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::device::{self, Device};
use crate::midi_out::MidiOut;
use crate::sequence::Sequence;
use crate::source::{Clock, Command};
use crate::{MidiError, Output, OutputChoice, SilentReason};

/// What the transport is asked.
pub(crate) enum Request {
    Load(Arc<Sequence>),
    Start {
        from: f64,
        epoch: u64,
    },
    Halt,
    Factor(f64),
    Gain(f32),
    Choose(OutputChoice),
    /// The device went away.
    Lost(String),
    Quit,
}

/// What is played on.
enum Line {
    /// Nothing was needed yet.
    Closed,
    Device(Device),
    /// The transport keeps the time itself: for a MIDI port, or for nobody.
    Own(Option<MidiOut>),
}

pub(crate) struct Transport {
    requests: Receiver<Request>,
    /// For the device's error callback.
    sender: Sender<Request>,
    clock: Arc<Clock>,
    output: Arc<Mutex<Output>>,
    choice: OutputChoice,
    line: Line,
    sequence: Arc<Sequence>,
    factor: f64,
    gain: f32,
    /// While the transport keeps the time: what it plays.
    running: Option<Running>,
    /// The last start that was carried out.
    started: u64,
}

/// Playing that the transport times itself.
struct Running {
    epoch: u64,
    next: usize,
    time: f64,
    last: Instant,
}

impl Transport {
    pub fn new(requests: Receiver<Request>, sender: Sender<Request>, clock: Arc<Clock>, output: Arc<Mutex<Output>>) -> Self {
        Self {
            requests,
            sender,
            clock,
            output,
            choice: OutputChoice::default(),
            line: Line::Closed,
            sequence: Arc::default(),
            factor: 1.0,
            gain: 1.0,
            running: None,
            started: 0,
        }
    }

    pub fn run(mut self) {
        loop {
            let wait = match (&self.running, &self.line) {
                (Some(_), Line::Own(Some(_))) => Duration::from_millis(1),
                (Some(_), _) => Duration::from_millis(5),
                (None, _) => Duration::from_secs(1),
            };
            match self.requests.recv_timeout(wait) {
                Ok(Request::Quit) | Err(RecvTimeoutError::Disconnected) => break,
                Ok(request) => self.serve(request),
                Err(RecvTimeoutError::Timeout) => {}
            }
            self.tick();
            if let Line::Device(device) = &mut self.line {
                while device.remote.retired.pop().is_ok() {}
            }
        }
        self.hush();
    }

    fn serve(&mut self, request: Request) {
        match request {
            Request::Load(sequence) => {
                self.halt();
                self.sequence = Arc::clone(&sequence);
                self.tell(Command::Load(sequence));
            }
            Request::Start { from, epoch } => self.start(from, epoch),
            Request::Halt => self.halt(),
            Request::Factor(factor) => {
                self.factor = factor;
                self.tell(Command::Factor(factor));
            }
            Request::Gain(gain) => {
                self.gain = gain;
                self.tell(Command::Gain(gain));
            }
            Request::Choose(choice) => {
                self.hush();
                self.choice = choice;
                self.line = Line::Closed;
                self.running = None;
                self.show(Output::Unopened);
                // A start that is still waiting in line will find the new output by itself, and only then its sequence.
                if self.clock.playing() && self.started == self.clock.epoch() {
                    self.start(self.clock.position(), self.clock.epoch());
                }
            }
            Request::Lost(what) => self.lose_device(what),
            Request::Quit => {}
        }
    }

    fn start(&mut self, from: f64, epoch: u64) {
        self.started = epoch;
        self.open();
        self.begin(from, epoch);
    }

    /// Plays on the line that is open.
    fn begin(&mut self, from: f64, epoch: u64) {
        match &mut self.line {
            Line::Device(_) => self.tell(Command::Start { from, epoch }),
            Line::Closed | Line::Own(_) => {
                self.hush();
                let next = self.sequence.from(from);
                self.running = Some(Running { epoch, next, time: from, last: Instant::now() });
                self.chase(next);
            }
        }
    }

    /// Goes on with what the system now plays on, if there is something, and silently otherwise. A device that is lost as
    /// soon as it is opened is not tried again before the next start by hand.
    fn lose_device(&mut self, what: String) {
        let Line::Device(device) = &self.line else { return };
        let lasted = device.opened.elapsed() > Duration::from_secs(2);
        self.fall_silent(SilentReason::Lost(what));
        if self.clock.playing() {
            let (position, epoch) = (self.clock.position(), self.clock.epoch());
            if lasted { self.start(position, epoch) } else { self.begin(position, epoch) }
        }
    }

    fn halt(&mut self) {
        self.tell(Command::Halt);
        if self.running.take().is_some() {
            self.hush();
        }
    }

    /// Opens what was chosen, if it is not open. A device that was not there is looked for anew at each start.
    fn open(&mut self) {
        let wanting = match &self.line {
            Line::Closed => true,
            Line::Own(None) => self.choice != OutputChoice::Silent,
            Line::Device(_) | Line::Own(Some(_)) => false,
        };
        // While it follows silently the clock must not stutter: another device is looked for at the next start.
        if !wanting || self.running.is_some() {
            return;
        }
        match &self.choice {
            OutputChoice::Device => self.open_device(),
            OutputChoice::Midi(id) => match MidiOut::open(id) {
                Ok(midi) => {
                    self.show(Output::Midi { port: midi.name.clone() });
                    self.line = Line::Own(Some(midi));
                }
                Err(error) => self.fall_silent(SilentReason::Midi(error)),
            },
            OutputChoice::Silent => self.fall_silent(SilentReason::Chosen),
        }
    }

    fn open_device(&mut self) {
        let sender = self.sender.clone();
        let lost = move |what| drop(sender.send(Request::Lost(what)));
        match device::open(Arc::clone(&self.clock), self.gain, lost) {
            Ok(device) => {
                self.show(Output::Device { name: device.name.clone(), sample_rate: device.sample_rate });
                self.line = Line::Device(device);
                self.tell(Command::Load(Arc::clone(&self.sequence)));
                self.tell(Command::Factor(self.factor));
            }
            Err(reason) => self.fall_silent(reason),
        }
    }

    fn fall_silent(&mut self, reason: SilentReason) {
        tracing::info!(%reason, "playing without sound");
        self.line = Line::Own(None);
        self.show(Output::Silent { reason });
    }

    fn show(&self, output: Output) {
        *self.output.lock().unwrap_or_else(PoisonError::into_inner) = output;
    }

    fn tell(&mut self, command: Command) {
        if let Line::Device(device) = &mut self.line {
            // A device that takes no commands any more is about to be reported as lost.
            let _ = device.remote.commands.push(command);
        }
    }

    /// Lets the MIDI port's keys go.
    fn hush(&mut self) {
        if let Line::Own(Some(midi)) = &mut self.line
            && let Err(error) = midi.hush()
        {
            self.lose_midi(error);
        }
    }

    fn lose_midi(&mut self, error: MidiError) {
        self.fall_silent(SilentReason::Midi(error));
    }

    /// Sends the programs and controllers that hold at a place.
    fn chase(&mut self, upto: usize) {
        let Line::Own(Some(midi)) = &mut self.line else { return };
        let sent = self.sequence.shape_at(upto).try_for_each(|message| midi.send(message));
        if let Err(error) = sent {
            self.lose_midi(error);
        }
    }

    /// Moves the transport's own time on and sends what is due.
    fn tick(&mut self) {
        let Some(running) = &mut self.running else { return };
        let now = Instant::now();
        running.time += now.duration_since(running.last).as_secs_f64() * self.factor;
        running.last = now;
        self.clock.publish(running.epoch, running.time.min(self.sequence.duration.0));
        let mut failed = None;
        while let Some(due) = self.sequence.messages.get(running.next).filter(|due| due.at <= running.time) {
            running.next += 1;
            if let Line::Own(Some(midi)) = &mut self.line {
                failed = midi.send(due.message).err().or(failed);
            }
        }
        let done = running.next >= self.sequence.messages.len() && running.time >= self.sequence.duration.0;
        if done {
            self.clock.finish(running.epoch);
            self.running = None;
            self.hush();
        }
        if let Some(error) = failed {
            self.lose_midi(error);
        }
    }
}

import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './Dialog.module.css';

export interface DialogProps {
  title: string;
  shown: boolean;
  onClose: () => void;
  /** Any CSS width. */
  width?: string;
  children: ReactNode;
}

/** A question that must be answered, or a sheet that covers the view; Esc closes it. */
export function Dialog({ title, shown, onClose, width = '460px', children }: DialogProps) {
  return (
    <Modal
      opened={shown}
      onClose={onClose}
      title={title}
      size={width}
      centered
      // Locking the page's scroll needs an inline <style>; the page itself never scrolls.
      lockScroll={false}
      transitionProps={{ duration: 0 }}
      closeButtonProps={{ 'aria-label': 'Close' }}
      classNames={{
        content: classes.content ?? '',
        header: classes.header ?? '',
        title: classes.title ?? '',
        body: classes.body ?? '',
        overlay: classes.overlay ?? '',
      }}
    >
      {children}
    </Modal>
  );
}
